"""The pages and addresses of films, clips and shared reviews."""
