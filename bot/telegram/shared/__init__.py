"""What several replicas of the channel know together, in Redis or Valkey: CUSTOMS_TELEGRAM_STORAGE."""
