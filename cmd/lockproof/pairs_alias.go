package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// pairsFlags gives lint the flag --pairs, which is the command pairs, and the flags that only that
// looks at.
func pairsFlags(f *pflag.FlagSet) (pairs *bool) {
	var unused size
	pairs = f.Bool("pairs", false, "run the entry points of the source against each other: lockproof pairs")
	f.String("resume", "", "for --pairs")
	f.String("with", "", "for --pairs")
	f.StringSlice("faults", nil, "for --pairs")
	f.Int("workers", 0, "for --pairs")
	f.Int64("max-states", 0, "for --pairs")
	f.Var(&unused, "max-memory", "for --pairs")
	for _, name := range pairsOnly {
		f.Lookup(name).Hidden = true
	}
	return pairs
}

var pairsOnly = []string{"resume", "with", "faults", "workers", "max-states", "max-memory"}

// pairsName is how pairs calls what a flag of lint says.
var pairsName = map[string]string{"path": "tree", "era": "protocol", "contract": "protocol"}

// pairsAlias is lint --pairs: pairs with the paths and those of its flags that lint was given.
func (a *app) pairsAlias(lint *cobra.Command, paths []string) error {
	cmd := a.pairs()
	cmd.SetContext(lint.Context())
	flags := cmd.Flags()
	var err error
	set := func(name, value string) {
		if err == nil {
			err = flags.Set(name, value)
		}
	}
	lint.Flags().Visit(func(f *pflag.Flag) {
		name := f.Name
		if as, ok := pairsName[name]; ok {
			name = as
		}
		many, ok := f.Value.(pflag.SliceValue)
		switch {
		case err != nil || f.Name == "pairs":
		case flags.Lookup(name) == nil:
			err = fmt.Errorf("--%s is not for --pairs: see lockproof pairs --help", f.Name)
		case ok:
			for _, v := range many.GetSlice() {
				set(name, v)
			}
		default:
			set(name, f.Value.String())
		}
	})
	if flags.Changed("git") && len(paths) > 0 {
		return fmt.Errorf("%q is a path of the working directory: with --git paths are named by --path", paths[0])
	}
	for _, p := range paths {
		set("tree", p)
	}
	if err != nil {
		return err
	}
	if err := cmd.PreRunE(cmd, nil); err != nil {
		return err
	}
	return cmd.RunE(cmd, nil)
}

// withoutPairs refuses flags that lint has for --pairs alone.
func withoutPairs(f *pflag.FlagSet) error {
	for _, name := range pairsOnly {
		if f.Changed(name) {
			return errors.New("--" + name + " is for --pairs")
		}
	}
	return nil
}
