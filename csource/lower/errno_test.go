package lower_test

import (
	"testing"

	"github.com/lockproof/lockproof/model"
)

// Using errno is no step. It is what a call that failed has set, or nobody knows what.
func TestErrno(t *testing.T) {
	const decl = "static sem_t s; static pthread_mutex_t m; static int x;\n"
	f := []string{"f()"}
	checkSmall(t, map[string]small{
		"no step":             {decl + "void f(void) { errno = 3; int e = errno; x = e; errno++; assert(errno == 4); }", f, model.OK, "", 2},
		"one value":           {decl + "void f(void) { if (sem_trywait(&s) < 0) x = errno; assert(x == 11); }", f, model.OK, "", 4},
		"kept by a success":   {decl + "void f(void) { errno = 2; sem_post(&s); assert(sem_trywait(&s) == 0); assert(errno == 2); }", f, model.OK, "", 3},
		"of each thread":      {decl + "void f(int n) { errno = n; x = 1; assert(errno == n); }", []string{"f(1)", "f(2)"}, model.OK, "", 4},
		"at the start":        {decl + "void f(void) { assert(errno == 0); }", f, model.Violation, model.AssertKind, 0},
		"after a message":     {decl + "void f(void) { errno = 2; puts(\"a\"); assert(errno == 2); }", f, model.Violation, model.AssertKind, 0},
		"after a clock":       {decl + "void f(void) { errno = 2; time(NULL); assert(errno == 2); }", f, model.Violation, model.AssertKind, 0},
		"after usleep":        {decl + "void f(void) { errno = 2; usleep(3); assert(errno == 2); }", f, model.Violation, model.AssertKind, 0},
		"after free":          {decl + "void f(void) { int *p = calloc(1, sizeof(int)); errno = 2; free(p); assert(errno == 2); }", f, model.Violation, model.AssertKind, 0},
		"after GLib's lock":   {"static GMutex g; void f(void) { errno = 2; g_mutex_lock(&g); g_mutex_unlock(&g); assert(errno == 2); }", f, model.Violation, model.AssertKind, 0},
		"declared":            {"extern int errno; " + decl + "void f(void) { errno = 2; assert(errno == 2); }", f, model.OK, "", 1},
		"a local of its name": {decl + "void f(void) { int errno = 2; sem_trywait(&s); assert(errno == 2); }", f, model.OK, "", 2},
		"refused arguments":   {decl + "void f(void) { assert(sem_init(&s, 0, -1) == -1 && errno == EINVAL); }", f, model.OK, "", 1},
		"in order":            {decl + "static int g(int r, int e) { return r == -1 && e == EAGAIN; } void f(void) { errno = 2; assert(g(sem_trywait(&s), errno)); }", f, model.OK, "", 2},
	})
}
