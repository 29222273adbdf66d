package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/staging"
	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/spf13/pflag"
)

func (a *app) man() *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write the man pages",
		Long: `man writes a page for each command into DIR, which it makes if need be. man looks into share/man beside each
directory of programs: for a lockproof in ~/go/bin, man lockproof and man lockproof-check show the pages in ~/go/share/man/man1.`,
		Example: `  lockproof man "$(go env GOPATH)/share/man/man1" && man lockproof`,
		Args:    exactly("a DIR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			pages, err := manPages(cmd.Root(), args[0])
			if err != nil {
				return err
			}
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			if err := staging.Replace(pages...); err != nil {
				return err
			}
			first := filepath.Join(args[0], "lockproof.1")
			_, err = fmt.Fprintf(a.stdout, "wrote %d pages\nnext:\n  man -l %s\n", len(pages), reports.ShellWord(first))
			return err
		},
	}
}

// manPages are the pages of a command and of all below it. What differs from machine to machine is
// left out; their date is that of SOURCE_DATE_EPOCH, where that is set.
func manPages(cmd *cobra.Command, dir string) ([]staging.File, error) {
	var pages []staging.File
	name := strings.ReplaceAll(cmd.CommandPath(), " ", "-")
	cmd.DisableAutoGenTag = true
	cmd.InitDefaultVersionFlag()
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		switch f.Name {
		case "workers":
			f.DefValue = "CPUs"
		case "pin":
			f.DefValue = "this version"
		}
	})
	var page bytes.Buffer
	header := &doc.GenManHeader{
		Title: strings.ToUpper(name), Section: "1", Source: "lockproof " + toolVersion(),
		Manual: "lockproof",
	}
	if err := doc.GenMan(cmd, header, &page); err != nil {
		return nil, fmt.Errorf("the man page of %s: %w", name, err)
	}
	pages = append(pages, staging.File{Name: filepath.Join(dir, name+".1"), Text: page.Bytes()})
	for _, sub := range cmd.Commands() {
		if !sub.IsAvailableCommand() {
			continue
		}
		below, err := manPages(sub, dir)
		if err != nil {
			return nil, err
		}
		pages = append(pages, below...)
	}
	return pages, nil
}
