using Outbox.Cli.Answers;

namespace Outbox.Cli.Tests.Answers;

public sealed class AnswerTests
{
    private const string Markup = "[bold red]x[/] [link=http://e]y";

    [Theory]
    [InlineData(OutputFormat.Json, "[\n  {\n    \"name\": \"one\",\n    \"at\": \"2026-11-26T05:30:00Z\"\n  },\n  {\n    \"name\": \"two\",\n    \"at\": \"2026-11-26T05:30:00Z\"\n  }\n]\n")]
    [InlineData(OutputFormat.Jsonl, "{\"name\":\"one\",\"at\":\"2026-11-26T05:30:00Z\"}\n{\"name\":\"two\",\"at\":\"2026-11-26T05:30:00Z\"}\n")]
    [InlineData(OutputFormat.Table, "NAME\none \ntwo \n")]
    internal void A_list_is_written_in_the_format_that_was_asked_for(OutputFormat format, string expected)
    {
        var (answer, data, words) = Of(format);
        answer.Many([new Row("one", At), new Row("two", At)], "nothing", new Column<Row>("name", row => row.Name));

        Assert.Equal(expected, Lines(data));
        Assert.Equal("", words.ToString());
    }

    [Fact]
    public void Of_an_empty_list_a_person_is_told_beside_the_data_and_a_program_reads_it()
    {
        var (table, tableData, tableWords) = Of(OutputFormat.Table);
        table.Many<Row>([], "Nothing is parked.");
        var (json, jsonData, jsonWords) = Of(OutputFormat.Json);
        json.Many<Row>([], "Nothing is parked.");

        Assert.Equal(("", "Nothing is parked.\n"), (Lines(tableData), Lines(tableWords)));
        Assert.Equal(("[]\n", ""), (Lines(jsonData), Lines(jsonWords)));
    }

    [Fact]
    public void Markup_in_data_is_text_in_tables_and_in_lines()
    {
        var (answer, data, _) = Of(OutputFormat.Table);
        answer.Many([new Row(Markup, At)], "", new Column<Row>("name", row => row.Name));
        answer.Line(Markup, Tone.Bad);

        Assert.Equal(2, Lines(data).Split('\n').Count(line => line.TrimEnd() == Markup));
    }

    [Fact]
    public void The_next_page_is_in_the_document_or_beside_the_data()
    {
        var (json, document, _) = Of(OutputFormat.Json);
        json.Page([new Row("one", At)], "next-one", "");
        var (lines, rows, words) = Of(OutputFormat.Jsonl);
        lines.Page([new Row("one", At)], "next-one", "");

        Assert.Contains("\"next\": \"next-one\"", document.ToString());
        Assert.Single(Lines(rows).TrimEnd('\n').Split('\n'));
        Assert.Contains("--cursor next-one", words.ToString());
    }

    [Theory]
    [InlineData("Cannot connect to mongodb://anna:s3cr@et/x@db1:27017/orders now", "Cannot connect to mongodb://***@db1:27017/orders now")]
    [InlineData("sasl.password=s3cret, sasl.username=anna", "sasl.password=***, sasl.username=anna")]
    [InlineData("{\"token\": \"abc\"}", "{\"token\": \"abc\"}")]
    [InlineData("no secret here: anna@example.com", "no secret here: anna@example.com")]
    public void Words_hold_no_secret(string said, string shown)
    {
        var (answer, _, words) = Of(OutputFormat.Table);
        answer.Say(said);

        Assert.Equal(shown + "\n", Lines(words));
    }

    private static readonly DateTimeOffset At = new(2026, 11, 26, 6, 30, 0, TimeSpan.FromHours(1));

    private static (Answer Answer, StringWriter Data, StringWriter Words) Of(OutputFormat format)
    {
        var (data, words) = (new StringWriter(), new StringWriter());
        return (new Answer(new Screen(data, words), format), data, words);
    }

    private static string Lines(StringWriter writer) => writer.ToString().ReplaceLineEndings("\n");

    private sealed record Row(string Name, DateTimeOffset At);
}
