package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"lockproof": main, "lockproof-peak": peakMain})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			docs, err := filepath.Abs(filepath.Join("..", "..", "docs"))
			env.Setenv("DOCS", docs)
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    exits,
			"validate": validate,
			"refused":  refused,
		},
	})
}

// exits CODE COMMAND... runs a command and asks for its exit code; stdout and stderr are for the
// lines that follow.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARGUMENT...")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := "0"
	var exit *exec.ExitError
	switch e, ok := err.(*exec.ExitError); {
	case ok:
		exit = e
		code = fmt.Sprint(exit.ExitCode())
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if code != args[0] {
		ts.Fatalf("exit code %s, want %s", code, args[0])
	}
}

// refused ARGUMENT... runs lockproof on input that it must not read: exit code 2, a message, and no
// word of what lies outside.
func refused(ts *testscript.TestScript, neg bool, args []string) {
	exits(ts, neg, append([]string{"2", "lockproof"}, args...))
	said := ts.ReadFile("stdout") + ts.ReadFile("stderr")
	if ts.ReadFile("stderr") == "" || strings.Contains(said, "hunter2") || strings.Contains(said, "root:") || strings.Contains(said, "TOKEN") {
		ts.Fatalf("it says: %s", said)
	}
}

// validate SCHEMA FILE holds a JSON file against a JSON Schema.
func validate(ts *testscript.TestScript, neg bool, args []string) {
	read := func(name string) any {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(ts.ReadFile(name)))
		ts.Check(err)
		return doc
	}
	c := jsonschema.NewCompiler()
	ts.Check(c.AddResource("schema.json", read(args[0])))
	s, err := c.Compile("schema.json")
	ts.Check(err)
	if err := s.Validate(read(args[1])); (err != nil) != neg {
		ts.Fatalf("%v", err)
	}
}

// big is a search that does not end while a test waits.
const big = `suite: big
protocol: mail-2009-10
source: |
  void client(virDomainObjPtr vm)
  {
      virDomainObjLock(vm);
      if (qemuDomainObjBeginJob(vm) == 0)
          qemuDomainObjEndJob(vm);
      virDomainObjUnlock(vm);
  }
scenarios:
  - {name: first, threads: [client(vm1)], expect: ok}
  - {name: many, threads: [client(vm1) x5, client(vm2) x5, client(vm3) x5, client(vm4) x5, client(vm5) x5], faults: [wait-timeout], expect: ok}
`

// A signal ends a search with the partial result, and --out holds a whole file.
func TestInterrupt(t *testing.T) {
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		for _, command := range []string{"check", "verify"} {
			t.Run(fmt.Sprint(command, sig), func(t *testing.T) {
				dir := t.TempDir()
				suite := filepath.Join(dir, "big.yaml")
				if err := os.WriteFile(suite, []byte(big), 0o644); err != nil {
					t.Fatal(err)
				}
				args := []string{command, suite, "--progress-every", "10ms", "--max-memory", "1G"}
				if command == "verify" {
					args = append(args, "--out", filepath.Join(dir, "out"))
				}
				cmd := exec.Command("lockproof", args...) // testscript.Main put it on the path
				var stdout bytes.Buffer
				cmd.Stdout = &stdout
				stderr, err := cmd.StderrPipe()
				if err != nil {
					t.Fatal(err)
				}
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				progress := make([]byte, 1)
				if _, err := io.ReadFull(stderr, progress); err != nil {
					t.Fatal("no progress", err)
				}
				if err := cmd.Process.Signal(sig); err != nil {
					t.Fatal(err)
				}
				rest, _ := io.ReadAll(stderr)
				err = cmd.Wait()
				if code := cmd.ProcessState.ExitCode(); code != exitLimit {
					t.Errorf("exit code %d (%v)\n%s%s", code, err, stdout.String(), rest)
				}
				if out := stdout.String(); !strings.Contains(out, "unknown") || !strings.Contains(out, "interrupted") {
					t.Errorf("no partial result:\n%s", out)
				}
				if command == "verify" {
					text, err := os.ReadFile(filepath.Join(dir, "out", "results.json"))
					if err != nil || !bytes.HasSuffix(text, []byte("\n}\n")) || !bytes.Contains(text, []byte(`"limit": "interrupted"`)) {
						t.Errorf("%v\n%s", err, text)
					}
				}
			})
		}
	}
}

// A closed pipe is no reason to complain.
func TestBrokenPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	var stderr bytes.Buffer
	cmd := exec.Command("lockproof", "schema", "suite")
	cmd.Stdout, cmd.Stderr = w, &stderr
	if err := cmd.Run(); err == nil {
		t.Error("exit code 0")
	}
	w.Close()
	if stderr.Len() > 0 {
		t.Errorf("stderr: %s", stderr.String())
	}
}

// Rows come in the order of the suites however many workers there are, and no goroutine stays
// behind.
func TestVerifyOrder(t *testing.T) {
	defer goleak.VerifyNone(t)
	var first string
	for _, workers := range []string{"1", "2", "7"} {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), []string{"verify", "--workers", workers, "--format", "json"}, &stdout, &stderr); code != exitOK {
			t.Fatalf("exit code %d\n%s", code, stderr.String())
		}
		text := withoutClock(stdout.String())
		if first == "" {
			first = text
		}
		if text != first {
			t.Errorf("another report with %s workers", workers)
		}
	}
}

func withoutClock(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !strings.Contains(line, `"elapsed_ms"`) {
			b.WriteString(line)
		}
	}
	return b.String()
}

func TestTimeout(t *testing.T) {
	suite := filepath.Join(t.TempDir(), "big.yaml")
	if err := os.WriteFile(suite, []byte(big), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var stdout, stderr bytes.Buffer
	if code := run(ctx, []string{"check", suite + ":many", "--reduce", "none", "--timeout", "500ms"}, &stdout, &stderr); code != exitLimit {
		t.Errorf("exit code %d\n%s%s", code, stdout.String(), stderr.String())
	}
	if !strings.Contains(stdout.String(), "(timeout)") {
		t.Error(stdout.String())
	}
}

func TestPanic(t *testing.T) {
	var stderr bytes.Buffer
	report(&stderr, &panicError{"boom", []byte("stack")})
	if got := stderr.String(); got != "lockproof: internal error: boom; please report it with what follows\nstack\n" {
		t.Errorf("%q", got)
	}
}

func TestSize(t *testing.T) {
	for text, want := range map[string]string{"0": "0", "1024": "1K", "512M": "512M", "512mb": "512M", "4GiB": "4G", "1T": "1T", "1500K": "1500K"} {
		var s size
		if err := s.Set(text); err != nil || s.String() != want {
			t.Errorf("%s: %s, %v", text, s.String(), err)
		}
	}
	for _, text := range []string{"", "M", "-1", "1.5G", "1X", "9999999999T", "1 M", "1MM"} {
		var s size
		if err := s.Set(text); err == nil {
			t.Errorf("%q is %s", text, s.String())
		}
	}
}
