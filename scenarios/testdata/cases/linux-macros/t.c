#if defined(__linux__) && __GNUC__ >= 4 && __SIZEOF_LONG__ == 8 && !defined(_WIN32) && __STDC_VERSION__ >= 201112L && linux
#define RIGHT 1
#else
#define RIGHT 0
#endif
#undef __GNUC__
#define __GNUC__ 3
#define __x86_64__ 7
void f(void) { assert(RIGHT && __GNUC__ == 3 && __x86_64__ == 7); }
