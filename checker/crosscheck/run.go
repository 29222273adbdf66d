package crosscheck

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/lockproof/lockproof/checker/explore"
	"github.com/lockproof/lockproof/model"
)

// RunOptions say how an engine is run. The zero value is a complete, unreduced search in a temporary directory.
type RunOptions struct {
	Export Options
	// Dir is where the model and what is made of it are kept; "" is a temporary directory that is removed.
	Dir string
	// MaxMemory bounds the bytes of the search; 0 is no bound.
	MaxMemory int64

	// Reduce lets SPIN use its own partial-order reduction; its number of states is then not comparable.
	Reduce bool
	// Quick compiles SPIN's verifier, or TLC, with little optimization: for small models that takes less time than it saves.
	Quick bool

	// TLA2Tools is the path of tla2tools.jar; "" is what the environment variable LOCKPROOF_TLA2TOOLS says.
	TLA2Tools string
	// Workers is the number of TLC's workers; below 1 means 1.
	Workers int
	// NoGraph keeps TLC from writing its graph of states to a file, some 300 bytes a state, from which partial deadlocks are decided.
	NoGraph bool
}

// ToolsVariable is the environment variable that names tla2tools.jar.
const ToolsVariable = "LOCKPROOF_TLA2TOOLS"

func (o *RunOptions) jar() string {
	if o.TLA2Tools != "" {
		return o.TLA2Tools
	}
	return os.Getenv(ToolsVariable)
}

// Unavailable is the error for an engine that is not installed.
type Unavailable struct {
	Engine Engine
	Needs  string // what is missing, as a sentence's end
}

func (e *Unavailable) Error() string {
	return fmt.Sprintf("crosscheck: %s needs %s", e.Engine, e.Needs)
}

// Available reports what an engine lacks here, as an [*Unavailable]; nil when it can be run.
func Available(engine Engine, opt RunOptions) error {
	var programs []string
	switch engine {
	case SPIN:
		programs = []string{"spin", "cc"}
	case TLC:
		programs = []string{"java"}
		if opt.jar() == "" {
			return &Unavailable{engine, "tla2tools.jar, named by --tla2tools or " + ToolsVariable}
		}
		if _, err := os.Stat(opt.jar()); err != nil {
			return &Unavailable{engine, fmt.Sprintf("tla2tools.jar, and %s cannot be read", opt.jar())}
		}
	default:
		return fmt.Errorf("crosscheck: unknown engine %q", engine)
	}
	for _, name := range programs {
		if _, err := exec.LookPath(name); err != nil {
			return &Unavailable{engine, "the program " + name}
		}
	}
	return nil
}

// Run exports p and lets an engine search it. The error is about running the engine, [*Unavailable] when it is not there; what the
// engine finds is an outcome. When ctx ends, the engine is stopped and the outcome is Unknown.
func Run(ctx context.Context, engine Engine, p *model.Program, opt RunOptions) (*Outcome, error) {
	pl, err := newPlan(p)
	if err != nil {
		return nil, err
	}
	return pl.run(ctx, engine, opt)
}

func (p *plan) run(ctx context.Context, engine Engine, opt RunOptions) (*Outcome, error) {
	if err := Available(engine, opt); err != nil {
		return nil, err
	}
	if opt.Dir == "" {
		dir, err := os.MkdirTemp("", "lockproof-"+string(engine)+"-")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(dir)
		opt.Dir = dir
	}
	dir, err := filepath.Abs(opt.Dir)
	if err != nil {
		return nil, err
	}
	opt.Dir = dir
	run := runTLC
	if engine == SPIN {
		run = runSPIN
	}
	o, err := run(ctx, p, &opt)
	if err != nil && ctx.Err() != nil {
		return &Outcome{Engine: engine, Verdict: model.Unknown, Limit: string(explore.Timeout)}, nil
	}
	return o, err
}

// command runs a program in the directory of a run and returns what it printed, with the time that it took.
// An exit code other than 0 is no error: engines report findings so.
func command(ctx context.Context, dir, name string, args ...string) (output string, code int, took time.Duration, err error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	var buf bytes.Buffer
	cmd.Stdout, cmd.Stderr = &buf, &buf
	cmd.WaitDelay = 5 * time.Second
	started := time.Now()
	err = cmd.Run()
	took = time.Since(started)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return buf.String(), exit.ExitCode(), took, nil
	}
	return buf.String(), 0, took, err
}

// build runs a program that must succeed.
func build(ctx context.Context, dir, name string, args ...string) (time.Duration, error) {
	out, code, took, err := command(ctx, dir, name, args...)
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

// create writes a file of a run.
func create(dir, name string, write func(*os.File) error) error {
	f, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}
