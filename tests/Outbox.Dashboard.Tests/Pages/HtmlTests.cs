using Outbox.Dashboard.Pages.Markup;

namespace Outbox.Dashboard.Tests.Pages;

public sealed class HtmlTests
{
    [Fact]
    public void A_hole_is_encoded_whatever_is_in_it()
    {
        var text = "<b>\"'&</b>";

        Assert.Equal("<p title=\"&lt;b&gt;&quot;&#x27;&amp;&lt;/b&gt;\">&lt;b&gt;&quot;&#x27;&amp;&lt;/b&gt;</p>", Html.Of($"<p title=\"{text}\">{text}</p>").ToString());
    }

    [Fact]
    public void Html_in_a_hole_is_ours_and_stays_as_it_is() => Assert.Equal("<p><b>&lt;</b></p>", Html.Of($"<p>{Html.Of($"<b>{"<"}</b>")}</p>").ToString());

    [Theory]
    [InlineData("a\u202eb", "a\\u{202e}b")]
    [InlineData("a\0b\u001b[2J", "a\\u{0}b\\u{1b}[2J")]
    [InlineData("zero\u200bwidth", "zero\\u{200b}width")]
    [InlineData("שלום — 你好 😀\n", "שלום — 你好 😀\n")]
    public void What_nobody_would_see_is_shown(string text, string shown) => Assert.Equal(shown, Visible.Of(text));

    [Fact]
    public void Half_a_character_is_shown_as_such() => Assert.Equal("half \\u{d800}!", Visible.Of("half \ud800!"));

    [Fact]
    public void What_a_form_sends_back_is_not_changed() => Assert.Equal("<input value=\"a\u202eb&lt;\">", Html.Of($"<input value=\"{new Exact("a\u202eb<")}\">").ToString().Replace("&#x202E;", "\u202e"));

    [Fact]
    public void A_link_is_relative_and_its_parts_cannot_leave_their_places() =>
        Assert.Equal("message?id=..%2F%3Fa%3Db%26c%23%00javascript%3A", Link.To("message", ("id", "../?a=b&c#\0javascript:"), ("none", null)).ToString());
}
