using Outbox.Cli.Answers;

namespace Outbox.Cli.Tests.Answers;

public sealed class PlainTests
{
    public static TheoryData<string> Hostile => ["\u001b[2J", "\u0007", "\u009b31m", "\u202eabc", "\u200b", "\u2028", "a\rb", "\ud800", "\ue000", "\u0000", "\u007f", "\U000e0041"];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void What_a_terminal_would_obey_is_shown_as_its_escape(string text)
    {
        Assert.All(Plain.Line(text), IsHarmless);
        Assert.All(Plain.Lines(text).Replace("\n", ""), IsHarmless);
        Assert.All(JsonText.Line(new { text }), IsHarmless);
        Assert.All(JsonText.Document(new { text }).Replace("\n", ""), IsHarmless);
    }

    [Theory]
    [InlineData("Zoë bought 3 × 大阪 🍜 [red]", "Zoë bought 3 × 大阪 🍜 [red]")]
    [InlineData("one\ntwo\tthree", "one two three")]
    [InlineData("\u001b[31m", "\\u001b[31m")]
    [InlineData(null, "")]
    public void Other_text_stays_as_it_is(string? text, string shown) => Assert.Equal(shown, Plain.Line(text));

    [Fact]
    public void Json_says_the_same_after_it_was_made_harmless()
    {
        const string text = "\u001b[2J\u202e 'quoted' \"twice\" \\ü\U000e0041";

        var read = System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(JsonText.Line(new { text }))!;

        Assert.Equal(text, read["text"]);
    }

    [Fact]
    public void A_cell_has_no_half_characters() => Assert.Equal("ab…", Plain.Short("ab🍜cd", 3));

    private static void IsHarmless(char character) => Assert.False(
        char.IsControl(character) || char.GetUnicodeCategory(character) is System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.PrivateUse
            or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator or System.Globalization.UnicodeCategory.Surrogate,
        $"U+{(int)character:X4} is still there.");
}
