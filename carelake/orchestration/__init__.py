"""What Carelake is to Airflow; DAG files import it, so nothing in it imports Spark."""
