package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/lockproof/lockproof/csource/files"
	"github.com/lockproof/lockproof/reports"
	"github.com/spf13/cobra"
)

func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := io.WriteString(a.stdout, versionLine())
			return err
		},
	}
}

// versionLine is what version and --version print.
func versionLine() string {
	return fmt.Sprintf("lockproof %s %s %s/%s\n", toolVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// linked is the version that the linker was told, of a release and in the action: their builds are
// of a folder without history.
var linked string

// toolVersion is the module's version or, in a build of a checkout, the commit.
func toolVersion() string {
	if linked != "" {
		return linked
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return "devel"
}

// newReport is a report of this program, run in this directory.
func newReport() *reports.Report {
	r := reports.NewReport(toolVersion())
	r.Directory = files.WorkingDirectory()
	return r
}
