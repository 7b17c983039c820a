"""The Rasa side: classifier, conversation store, start and training. Python 3.10, the Rasa environment."""
