"""The admin's overview page. Its sentences, figures and numbers come from hourly rows that a scheduled task counts."""
