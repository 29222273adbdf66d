package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// notEmpty refuses a flag or an argument that is given and empty. It stands for a variable of a
// script that is not set, and what was meant is not what happens without it.
func notEmpty(cmd *cobra.Command, args []string) error {
	if cmd.Name() == cobra.ShellCompRequestCmd { // a shell asks what can follow: nothing is typed yet
		return nil
	}
	var err error
	cmd.Flags().Visit(func(f *pflag.Flag) {
		text, list := f.Value.String(), strings.HasSuffix(f.Value.Type(), "Slice")
		if err == nil && (text == "" || list && text == "[]") {
			err = fmt.Errorf("--%s is given and empty", f.Name)
		}
	})
	for i, arg := range args {
		if err == nil && arg == "" {
			err = fmt.Errorf("argument %d of %s is empty", i+1, cmd.CommandPath())
		}
	}
	return err
}
