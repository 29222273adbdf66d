void a(void) {}
