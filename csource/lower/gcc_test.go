package lower_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/model"
)

// prelude gives the C compiler what the suites' C takes for known.
const prelude = `
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#define VIR_FREE(p) g_clear_pointer(&(p), free)
#define g_free free
#define g_new(T, n) ((T *) malloc(sizeof(T) * (n)))
#define g_new0(T, n) ((T *) calloc(n, sizeof(T)))
#define g_malloc malloc
#define g_malloc0(n) calloc(1, n)
#define g_clear_pointer(pp, f) do { __typeof__(*(pp)) old_ = *(pp); *(pp) = NULL; if (old_) (f)(old_); } while (0)
#define g_steal_pointer(pp) ({ __typeof__(*(pp)) old_ = *(pp); *(pp) = NULL; old_; })
#define VIR_STEAL_PTR(a, b) ((a) = g_steal_pointer(&(b)))
#define VIR_ALLOC(p) (((p) = calloc(1, sizeof *(p))) ? 0 : -1)
#pragma GCC diagnostic ignored "-Wall"
`

// wiped is a main that runs f, and leaves nothing on the stack that would look like a variable of
// f.
const wiped = `
static void wipe(void) { volatile char b[65536]; for (unsigned i = 0; i < sizeof b; i++) b[i] = 0; }
int main(void) { f(); wipe(); return 0; }
`

// TestCompilerAgrees compiles the programs of one thread and runs them under the address sanitizer:
// they end well if and only if the search says so.
func TestCompilerAgrees(t *testing.T) {
	gcc, leaks := compiler(t), leakFinder(t)
	compare := func(name, src string, verdict model.Verdict) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := gcc(t, src+"\nint main(void) { f(); return 0; }\n"); (err == nil) != (verdict == model.OK) {
				t.Errorf("the search says %s, the compiled program %v", verdict, err)
			}
		})
	}
	for name, c := range sequential {
		switch {
		case c.kind == model.MemoryLeak:
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				leaks(t, heap+c.src+wiped, true)
			})
		case c.compiled:
			compare(name, heap+c.src, c.verdict)
		}
	}
	for name, c := range pointers {
		if c.compiled {
			compare(name, functions+c.src, c.verdict)
		}
	}
}

// compiler returns what compiles a program, runs it and says how it ended. Leaks are no matter.
func compiler(t *testing.T) func(t *testing.T, src string) error {
	t.Helper()
	run := sanitizer(t)
	return func(t *testing.T, src string) error {
		t.Helper()
		_, err := run(t, src, "detect_leaks=0")
		return err
	}
}

// leakFinder returns what compiles a program, and compares whether it leaks when it is run.
func leakFinder(t *testing.T) func(t *testing.T, src string, leaks bool) {
	t.Helper()
	run := sanitizer(t)
	const found = 23
	return func(t *testing.T, src string, leaks bool) {
		t.Helper()
		said, err := run(t, src, fmt.Sprintf("detect_leaks=1:exitcode=%d", found))
		var exit *exec.ExitError
		switch {
		case strings.Contains(said, "LeakSanitizer has encountered a fatal error"):
			t.Skip("the leak sanitizer cannot run here")
		case err == nil && leaks:
			t.Error("the leak sanitizer finds no leak")
		case err == nil:
		case !errors.As(err, &exit) || exit.ExitCode() != found || !strings.Contains(said, "detected memory leaks"):
			t.Errorf("the program ends otherwise: %v", err)
		case !leaks:
			t.Error("the leak sanitizer finds a leak")
		}
	}
}

// sanitizer returns what compiles a program, runs it with options of the address sanitizer, and
// returns what that said.
func sanitizer(t *testing.T) func(t *testing.T, src, options string) (string, error) {
	t.Helper()
	path, err := exec.LookPath("gcc")
	if err != nil {
		t.Skip("the Debian package gcc is not installed")
	}
	return func(t *testing.T, src, options string) (string, error) {
		t.Helper()
		dir := t.TempDir()
		program := filepath.Join(dir, "program")
		if err := os.WriteFile(program+".c", []byte(prelude+src), 0o600); err != nil {
			t.Fatal(err)
		}
		cc := exec.CommandContext(t.Context(), path, "-w", "-O0", "-fsanitize=address,undefined", "-fno-sanitize-recover", "-pthread", "-o", program, program+".c")
		if out, err := cc.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		// The address sanitizer maps terabytes that it never touches, whatever bounds the tests.
		run := exec.CommandContext(t.Context(), "sh", "-c", `ulimit -S -v unlimited 2>/dev/null; exec "$0"`, program)
		run.Env = append(os.Environ(), "ASAN_OPTIONS="+options)
		var said bytes.Buffer
		run.Stderr = &said
		err := run.Run()
		if bytes.Contains(said.Bytes(), []byte("ReserveShadowMemoryRange failed")) {
			t.Skip("the hard limit of the address space (ulimit -v) is too low for the address sanitizer")
		}
		t.Logf("%s", said.Bytes())
		return said.String(), err
	}
}

// TestCompiledData compiles the programs of other tests about initialisers and local objects: they
// run to their end.
func TestCompiledData(t *testing.T) {
	gcc := compiler(t)
	run := func(name, src string) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := gcc(t, src+"\nint main(void) { f(); return 0; }\n"); err != nil {
				t.Errorf("%s\n%v", src, err)
			}
		})
	}
	for name, c := range initialisers {
		run("initialiser "+name, initialiserProgram(c))
	}
	for name, body := range localObjects {
		run("local "+name, localProgram(body))
	}
}

// compiledAlone lets the C compiler confirm what one thread does: all of it in one program.
func compiledAlone(t *testing.T, decl string, bodies []string) {
	t.Helper()
	gcc := compiler(t)
	src := decl + "int main(void) {\n"
	for _, body := range bodies {
		src += "{ " + body + "; }\n"
	}
	if err := gcc(t, src+"return 0; }\n"); err != nil {
		t.Errorf("%v", err)
	}
}
