package crosscheck

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// A workshop is where an engine works: a directory of its own, which nobody else can enter, with a
// home and a place for temporary files inside. Nothing in it was there before, so that no header,
// class or configuration lies beside the model.
type workshop struct{ dir string }

func newWorkshop(name string) (*workshop, error) {
	dir, err := os.MkdirTemp("", "lockproof-"+name+"-")
	if err != nil {
		return nil, err
	}
	w := &workshop{dir}
	if w.dir, err = filepath.Abs(dir); err == nil {
		err = errors.Join(os.Mkdir(w.home(), 0o700), os.Mkdir(w.temp(), 0o700))
	}
	if err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

func (w *workshop) close()       { os.RemoveAll(w.dir) }
func (w *workshop) home() string { return filepath.Join(w.dir, "home") }
func (w *workshop) temp() string { return filepath.Join(w.dir, "tmp") }

// write makes a file that is not there yet.
func (w *workshop) write(name, text string) error {
	file := filepath.Join(w.dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// environment is all that an engine sees of the user's: where programs and their libraries are.
func (w *workshop) environment() []string {
	env := []string{"HOME=" + w.home(), "TMPDIR=" + w.temp(), "LC_ALL=C"}
	for _, name := range []string{"PATH", "LD_LIBRARY_PATH", "JAVA_HOME"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// maxOutput bounds the bytes that a program may print. SPIN's verifier prints a line for each error
// that it meets.
const maxOutput = 64 << 20

// outputLimit is the limit of an engine that printed more.
const outputLimit = "output"

var errOutput = errors.New("the program prints too much")

// run runs a program of the search path, or one that was made here, and returns what it printed and
// how long it took. An exit code other than 0 is no error: engines report findings so. The program,
// and all that it has started, is over afterwards, killed when ctx ends or when it prints too much.
func (w *workshop) run(ctx context.Context, name string,
	args ...string,
) (output string, code int, took time.Duration, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if strings.HasPrefix(name, "./") {
		name = filepath.Join(w.dir, name)
	}
	out := &printed{full: func() { cancel(errOutput) }}
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = w.dir, w.environment(), out, out
	cmd.WaitDelay = 5 * time.Second
	started := time.Now()
	err = runGroup(cmd)
	took = time.Since(started)
	if ctx.Err() != nil {
		return out.String(), 0, took, context.Cause(ctx)
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return out.String(), exit.ExitCode(), took, nil
	}
	return out.String(), 0, took, err
}

// build runs a program that must succeed.
func (w *workshop) build(ctx context.Context, name string, args ...string) (time.Duration, error) {
	out, code, took, err := w.run(ctx, name, args...)
	if err == nil && code != 0 {
		err = errors.New(firstLines(out, 5))
	}
	if err != nil {
		return took, fmt.Errorf("crosscheck: %s: %w", name, err)
	}
	return took, nil
}

func firstLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[:min(n, len(lines))], "\n")
}

// printed is what a program prints, up to a bound.
type printed struct {
	text bytes.Buffer
	full func()
}

func (p *printed) String() string { return p.text.String() }

func (p *printed) Write(b []byte) (int, error) {
	if p.text.Len()+len(b) > maxOutput {
		p.full()
		return 0, errOutput
	}
	return p.text.Write(b)
}

// keep copies the files of the workshop into a directory below dir. What is called the same there,
// and is no directory, is replaced; nothing is written through a link.
func (w *workshop) keep(dir, name string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.MkdirAll(name, 0o755); err != nil {
		return err
	}
	files, err := os.ReadDir(w.dir)
	if err != nil {
		return err
	}
	for _, f := range files {
		if !f.Type().IsRegular() {
			continue
		}
		if err := copyFile(root, filepath.Join(name, f.Name()), filepath.Join(w.dir, f.Name())); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(root *os.Root, to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	if err := root.Remove(to); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	out, err := root.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, info.Mode().Perm()|0o644)
	if err != nil {
		return err
	}
	if _, err = io.Copy(out, in); err == nil {
		return out.Close()
	}
	return errors.Join(err, out.Close(), root.Remove(to))
}
