package main

import (
	"slices"
	"strings"

	"github.com/lockproof/lockproof/checker/mutate/operator"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// completeScenarios proposes the suites and scenarios of the library, for as many arguments as the
// command takes.
func completeScenarios(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 && !strings.Contains(cmd.Use, "...") {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	scs, err := scenarios.Resolve(cmd.Context(), nil)
	if err != nil {
		return nil, cobra.ShellCompDirectiveDefault
	}
	var refs []string
	for _, sc := range scs {
		if !slices.Contains(refs, sc.Suite.Name) {
			refs = append(refs, sc.Suite.Name)
		}
		refs = append(refs, sc.Ref())
	}
	if cmd.Name() == "show" || cmd.Name() == "mutate" {
		refs = append(refs, protocolNames()...)
	}
	return refs, cobra.ShellCompDirectiveDefault
}

func protocolNames() []string {
	var names []string
	for _, p := range scenarios.Protocols() {
		names = append(names, p.Name)
	}
	return names
}

// flagWords are what flags may be given, of those whose type does not say it. They are asked when
// somebody completes, for the names of the library are read from its files.
var flagWords = map[string]func() []string{
	"protocol":  protocolNames,
	"from":      starts,
	"faults":    func() []string { return words(scenarios.Faults()) },
	"races":     func() []string { return words(scenarios.AllRaces()) },
	"leaks":     func() []string { return words(scenarios.AllLeaks()) },
	"operators": operator.Names,
	"reduce":    func() []string { return []string{"auto", "none", "por", "symmetry", "all"} },
	"against":   func() []string { return []string{"spin", "tlc"} },
}

// starts are what a new suite may begin from.
func starts() []string {
	names := protocolNames()
	if suites, err := scenarios.Library(); err == nil {
		for _, s := range suites {
			names = append(names, s.Name)
		}
	}
	return names
}

func words[W ~string](all []W) []string {
	var out []string
	for _, w := range all {
		out = append(out, string(w))
	}
	return out
}

// completeFlags proposes values for all flags that take one of a few, in lists as well.
func completeFlags(cmd *cobra.Command) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		of := flagWords[f.Name]
		if typ := f.Value.Type(); strings.Contains(typ, "|") {
			of = func() []string { return strings.Split(typ, "|") }
		}
		if of == nil {
			return
		}
		list := strings.HasSuffix(f.Value.Type(), "Slice")
		directive := cobra.ShellCompDirectiveNoFileComp
		if f.Name == "protocol" {
			directive = cobra.ShellCompDirectiveDefault // or a C file
		}
		// It fails for a flag that has one already, and then that holds.
		_ = cmd.RegisterFlagCompletionFunc(f.Name, func(_ *cobra.Command, _ []string,
			typed string,
		) ([]string, cobra.ShellCompDirective) {
			before := ""
			if i := strings.LastIndex(typed, ","); list && i >= 0 {
				before = typed[:i+1]
			}
			var out []string
			for _, w := range of() {
				if !slices.Contains(strings.Split(before, ","), w) {
					out = append(out, before+w)
				}
			}
			return out, directive
		})
	})
	for _, sub := range cmd.Commands() {
		completeFlags(sub)
	}
}
