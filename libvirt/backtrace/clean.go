package backtrace

import (
	"html"
	"regexp"
	"strings"
)

var (
	escapes = regexp.MustCompile("\x1b\\[[0-9;?]*[A-Za-z]")
	tags    = regexp.MustCompile(`(?i)</?(?:br|pre|code|p|div|span|tt|td|tr|blockquote|font|samp)(?:\s[^<>]*)?/?>`)
	pager   = regexp.MustCompile(`-{2,3}Type <(?:return|RET)>[^-]*-{2,3}`)
	journal = regexp.MustCompile(`^.{0,80}\bsystemd-coredump(?:\[\d+\])?: `)
)

// Clean takes from a line what mailers, web pages, pagers and the journal have put into it.
func Clean(line string) string {
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
		case strings.HasPrefix(rest, "> ") || strings.HasPrefix(rest, ">>") || rest == ">" || strings.HasPrefix(rest, ">#") || strings.HasPrefix(rest, ">T"):
			line = rest[1:]
		default:
			return line
		}
	}
}
