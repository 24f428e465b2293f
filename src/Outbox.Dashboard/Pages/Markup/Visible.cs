using System.Buffers;
using System.Globalization;
using System.Text;

namespace Outbox.Dashboard.Pages.Markup;

/// <summary>Text that came from somewhere, made honest for a page: what cannot be seen, or turns the direction of writing, is shown as its escape.</summary>
internal static class Visible
{
    /// <summary>What is always seen: almost all texts are of it alone.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(character => (char)character), '\n', '\t']);

    public static string Of(string? text) => string.IsNullOrEmpty(text) ? "" : text.AsSpan().ContainsAnyExcept(Plain) ? Escaped(text.ReplaceLineEndings("\n")) : text;

    /// <summary>The beginning of a text.</summary>
    public static string Short(string? text, int most) =>
        text is null || text.Length <= most ? text ?? "" : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[most - 1]) ? most - 1 : most), "…");

    /// <summary>Whether nothing of it had to be escaped, and it is on one line.</summary>
    public static bool IsPlainLine(string text) => text == Of(text) && text.AsSpan().IndexOfAny('\n', '\t') < 0;

    private static string Escaped(string text)
    {
        var shown = new StringBuilder(text.Length + 16);
        for (var index = 0; index < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, index, out var rune))
            {
                Escape(shown, text[index++]);
                continue;
            }

            if (IsShown(rune))
            {
                shown.Append(text, index, rune.Utf16SequenceLength);
            }
            else
            {
                Escape(shown, rune.Value);
            }

            index += rune.Utf16SequenceLength;
        }

        return shown.ToString();
    }

    private static bool IsShown(Rune rune) => rune.Value is '\n' or '\t' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static void Escape(StringBuilder shown, int value) => shown.Append(CultureInfo.InvariantCulture, $"\\u{{{value:x}}}");
}
