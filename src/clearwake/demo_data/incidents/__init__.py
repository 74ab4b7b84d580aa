"""Published incidents of 2017 to 2019, a file each: what governments announced, as facts with citation and grade."""
