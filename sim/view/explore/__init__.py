"""The explorer, a page on which choices and sliders are moved and the answer follows: ``convoi explore``."""
