package crosscheck

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/lockproof/lockproof/model"
)

// RunOptions say how an engine is run. The zero value is a complete, unreduced search in a
// temporary directory.
type RunOptions struct {
	Export Options
	// Dir is where the model and what is made of it are kept afterwards, in a directory named by
	// [ModuleName]; "": nowhere.
	Dir string
	// MaxMemory bounds the bytes of the search; 0 is no bound.
	MaxMemory int64

	// Reduce lets SPIN use its own partial-order reduction; its number of states is then not
	// comparable.
	Reduce bool
	// Quick compiles SPIN's verifier, or TLC, with little optimization: for small models that takes
	// less time than it saves.
	Quick bool

	// TLA2Tools is the path of tla2tools.jar; "" is what the environment variable
	// LOCKPROOF_TLA2TOOLS says.
	TLA2Tools string
	// Workers is the number of TLC's workers; below 1 means 1.
	Workers int
	// NoGraph keeps TLC from writing its graph of states to a file, some 300 bytes a state, from
	// which partial deadlocks are decided.
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

// Run exports p and lets an engine search it. The error is about running the engine, [*Unavailable]
// when it is not there; what the engine finds is an outcome. When ctx ends, the engine is stopped
// and the outcome is Unknown.
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
	w, err := newWorkshop(string(engine))
	if err != nil {
		return nil, err
	}
	defer w.close()
	run := runTLC
	if engine == SPIN {
		run = runSPIN
	}
	o, err := run(ctx, w, p, &opt)
	if opt.Dir != "" {
		if kept := w.keep(opt.Dir, ModuleName(opt.Export)); kept != nil {
			return nil, kept
		}
	}
	switch {
	case err != nil && ctx.Err() != nil:
		return &Outcome{Engine: engine, Verdict: model.Unknown, Limit: string(model.Stopped(ctx))}, nil
	case errors.Is(err, errOutput):
		return &Outcome{Engine: engine, Verdict: model.Unknown, Limit: outputLimit}, nil
	}
	return o, err
}
