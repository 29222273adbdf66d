package lower_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/model"
)

// TestOpenThreads holds programs that follow what is reached against those that are closed over all
// values, where threads start threads: both have the same threads, verdict and states.
func TestOpenThreads(t *testing.T) {
	a, err := txtar.ParseFile("../../scenarios/testdata/programs/threads.txtar")
	if err != nil {
		t.Fatal(err)
	}
	first := regexp.MustCompile(`^// (.*) => ([^;\n]*)\n`)
	for _, f := range a.Files {
		m := first.FindStringSubmatch(string(f.Data))
		if m == nil || m[2] == "refused" || strings.Contains(m[1], " x") {
			continue
		}
		threads := strings.Split(m[1], ", ")
		t.Run(f.Name, func(t *testing.T) {
			want, err := build(t, string(f.Data), threads...)
			if err != nil {
				t.Fatal(err)
			}
			if want.Source != nil {
				t.Skip("it has no end of values")
			}
			a, err := search.Search(t.Context(), want, search.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, budget := range []int{1, 5, 1 << 16} {
				got, err := buildWith(t, lower.Exploring(lower.Options{Open: true}, budget), string(f.Data), threads...)
				if err != nil {
					t.Fatal(err)
				}
				got, limit, err := search.Close(t.Context(), got, search.Options{})
				if err != nil || limit != model.NoLimit {
					t.Fatal(err, limit)
				}
				b, err := search.Search(t.Context(), got, search.Options{})
				if err != nil {
					t.Fatal(err)
				}
				if a.Verdict != b.Verdict || a.Kind != b.Kind || a.Stats.States != b.Stats.States || len(got.Threads) != len(want.Threads) {
					t.Errorf("budget %d: %s %s, %d states, %d threads; want %s %s, %d, %d", budget, b.Verdict, b.Kind, b.Stats.States, len(got.Threads),
						a.Verdict, a.Kind, a.Stats.States, len(want.Threads))
				}
			}
		})
	}
}

// TestStartedThreads looks at how threads that threads start are called and counted, and at how
// many states it takes to start and join them.
func TestStartedThreads(t *testing.T) {
	const common = "#include <pthread.h>\nstatic int x[2];\nstatic void *run(void *arg) { int *p = arg; if (p) *p = self(); return NULL; }\n"
	for name, tc := range map[string]struct {
		src     string
		threads []string
		names   string
		states  int64
	}{
		// start, set, end, join: each waits for the one before it, and main ends the process.
		"one": {
			"int main(void) { pthread_t t; pthread_create(&t, NULL, run, x); pthread_join(t, NULL); return 0; }",
			[]string{"main()"},
			"main() run(&x[0])", 6,
		},
		// The same without a join: main may end the process at each of three places.
		"none joins": {
			"int main(void) { pthread_t t; pthread_create(&t, NULL, run, x); return 0; }", []string{"main()"}, "main() run(&x[0])", 5,
		},
		"two, one after the other": {
			"void f(void) { for (int i = 0; i < 2; i++) { pthread_t t; pthread_create(&t, NULL, run, x + i); pthread_join(t, NULL); } }",
			[]string{"f()"},
			"f() run(&x[0]) run(&x[1])", 9,
		},
		"two of each": {
			"void f(void) { for (int i = 0; i < 2; i++) { pthread_t t; pthread_create(&t, NULL, run, NULL); pthread_join(t, NULL); } }",
			[]string{"f()", "f()"},
			"f() f() run(NULL) run(NULL) run(NULL) run(NULL)", 49,
		},
		"a program of one thread": {"int main(void) { x[0] = 1; return x[0]; }", []string{"main()"}, "main()", 3},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := build(t, common+tc.src, tc.threads...)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, x := range p.Threads {
				names = append(names, x.Name)
			}
			if got := strings.Join(names, " "); got != tc.names {
				t.Errorf("threads %s, want %s", got, tc.names)
			}
			r, err := search.Search(t.Context(), p, search.Options{})
			if err != nil || r.Verdict != model.OK || r.Stats.States != tc.states {
				t.Errorf("%v, %s, %d states, want %d", err, r.Verdict, r.Stats.States, tc.states)
			}
		})
	}
}

// TestRefusedThreads looks at what is said of threads that cannot be started, or joined.
func TestRefusedThreads(t *testing.T) {
	for src, want := range map[string]string{
		"static int run(int a, int b) { return a; }\nvoid f(void) { pthread_t t; pthread_create(&t, NULL, (void *(*)(void *)) run, 0); }": "starts run, which takes 2 arguments",
		"static int run(int a) { return a; }\nstatic int x;\nvoid f(void) { thrd_t t; thrd_create(&t, (thrd_start_t) run, &x); }":         "gives run a pointer, and it takes int",
		"static void *run(void *a) { return a; }\nvoid f(void) { int t; pthread_create(&t, NULL, run, NULL); }":                           "argument 1 of pthread_create is the address of a pthread_t, and &t is int *",
		"static void *run(void *a) { return a; }\nvoid f(int *attr) { pthread_t t; pthread_create(&t, attr, run, NULL); }":                "argument 2 of pthread_create is a pthread_attr_t * or NULL, and attr is int *",
		"void f(void) { pthread_join(pthread_self(), NULL); }":                                                                            "is about T1, which the scenario names",
		"void f(void) { pthread_t t; pthread_create(&t, NULL, 3, NULL); }":                                                                "argument 3 of pthread_create is a function, and 3 is int",
		"static void *run(void *a) { return a; }\nvoid f(void) { g_thread_join(run); }":                                                   "argument 1 of g_thread_join is a GThread *",
	} {
		arg := "f()"
		if strings.Contains(src, "attr") {
			arg = "f(NULL)"
		}
		if _, err := build(t, src, arg); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "t.c:") {
			t.Errorf("%v\nwant %s\n%s", err, want, src)
		}
	}
}
