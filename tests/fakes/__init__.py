"""Stand-ins for services that are not ours, faithful enough that a fault in our code shows against them."""
