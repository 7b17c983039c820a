"""The staff console: a Django and Wagtail site in which curators write, approve and publish guidance."""
