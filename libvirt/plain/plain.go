// Package plain gives the lines of a text as they were written, before mailers, bug trackers,
// pagers and the journal put their own into them.
package plain

import (
	"bufio"
	"context"
	"errors"
	"html"
	"io"
	"strings"

	"github.com/lockproof/lockproof/libvirt/lazy"
)

var (
	escapes = lazy.New("\x1b\\[[0-9;?]*[A-Za-z]")
	tags    = lazy.New(`(?i)</?(?:br|pre|code|p|div|span|tt|td|tr|blockquote|font|samp)(?:\s[^<>]*)?/?>`)
	pager   = lazy.New(`-{2,3}Type <(?:return|RET)>[^-]*-{2,3}`)
	journal = lazy.New(`^.{0,80}\bsystemd-coredump(?:\[\d+\])?: `)
)

// Line takes from a line what mailers, web pages, pagers and the journal have put into it.
func Line(line string) string {
	line = strings.TrimRight(line, "\r\n\t ")
	if strings.IndexByte(line, '\x1b') >= 0 {
		line = escapes.ReplaceAllString(line, "")
	}
	line = unquote(line)
	if strings.IndexByte(line, '<') >= 0 {
		line = tags.ReplaceAllString(line, "")
	}
	if strings.IndexByte(line, '&') >= 0 {
		line = strings.ReplaceAll(html.UnescapeString(line), "\u00a0", " ")
	}
	if strings.Contains(line, "Type <") {
		line = pager.ReplaceAllString(line, "")
	}
	if strings.Contains(line, "systemd-coredump") {
		line = journal.ReplaceAllString(line, "")
	}
	return strings.TrimRight(line, " \t")
}

// unquote takes the quotation marks of mails from the beginning of a line.
func unquote(line string) string {
	for {
		rest := strings.TrimLeft(line, " \t")
		switch {
		case strings.HasPrefix(rest, "&gt;"):
			line = rest[4:]
		case strings.HasPrefix(rest, "> ") || strings.HasPrefix(rest, ">>") || rest == ">" || strings.HasPrefix(rest, ">#") ||
			strings.HasPrefix(rest, ">T"):
			line = rest[1:]
		default:
			return line
		}
	}
}

// most bounds how much of a line is looked at: of longer ones the beginning counts.
const most = 4096

// Lines gives each line of a text with its number, cleaned, until the function says that it has
// enough. Memory does not grow with the text. The errors are those of the reader and of the
// context.
func Lines(ctx context.Context, in io.Reader, each func(number int, line string) bool) error {
	r := bufio.NewReaderSize(in, 1<<16)
	for n := 1; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		part, err := r.ReadSlice('\n')
		text := string(part)
		for errors.Is(err, bufio.ErrBufferFull) {
			text = text[:min(len(text), most)]
			_, err = r.ReadSlice('\n')
		}
		if text != "" {
			for piece := range strings.SplitSeq(text, "#012") { // of which rsyslog has made one
				if !each(n, Line(piece)) {
					return nil
				}
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
