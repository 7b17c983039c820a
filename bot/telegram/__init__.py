"""The Telegram channel: updates in, turns to Rasa, blocks out as HTML messages with buttons.

`python -m bot.telegram.polling` runs it on a laptop; `bot.telegram.webhook.Webhook` puts it under the chat app.
"""
