using System.Globalization;
using System.Text;

namespace Outbox.Cli.Answers;

/// <summary>
/// Text that came from somewhere, made harmless for a terminal: what moves the cursor, changes colours, answers for the user or turns the direction of writing is shown as its escape.
/// </summary>
internal static class Plain
{
    /// <summary>On one line.</summary>
    public static string Line(string? text) => Of(text, keepsLines: false);

    /// <summary>On as many lines as it has.</summary>
    public static string Lines(string? text) => Of(text?.ReplaceLineEndings("\n"), keepsLines: true);

    /// <summary>On one line, and no longer than that.</summary>
    public static string Short(string? text, int most)
    {
        var line = Line(text);
        return line.Length <= most ? line : string.Concat(line.AsSpan(0, char.IsHighSurrogate(line[most - 1]) ? most - 1 : most), "…");
    }

    /// <summary>The same in JSON, whose writer leaves some of it as it is.</summary>
    public static string InJson(string json) => Of(json, keepsLines: true);

    private static string Of(string? text, bool keepsLines)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var shown = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, index, out var rune))
            {
                shown.Append(Escape(text[index++]));
                continue;
            }

            if (IsShown(rune) || (keepsLines && rune.Value == '\n'))
            {
                shown.Append(text, index, rune.Utf16SequenceLength);
            }
            else
            {
                shown.Append(!keepsLines && rune.Value is '\n' or '\r' or '\t' ? " " : string.Concat(text.Substring(index, rune.Utf16SequenceLength).Select(Escape)));
            }

            index += rune.Utf16SequenceLength;
        }

        return shown.ToString();
    }

    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static string Escape(char character) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
}
