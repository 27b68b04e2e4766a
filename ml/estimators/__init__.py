"""What is fitted: pipelines of scikit-learn and XGBoost, saved without pickle."""
