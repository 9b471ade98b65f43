"""What tests are made with: films and builds of them, a story server, models and stand-ins for LTX-2."""
