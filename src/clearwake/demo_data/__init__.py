"""The demo's own small data: designations of one day, published reports, and questions to screen."""
