using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Operations.Redacting;

namespace Outbox.Tests.Operations;

public sealed class RedactionTests
{
    [Theory]
    [InlineData("email", """{"email":"a@b","customer":{"EMail":"c@d","name":"x"}}""", """{"email":"***","customer":{"EMail":"***","name":"x"}}""")]
    [InlineData("customer.email", """{"email":"a@b","customer":{"email":"c@d"}}""", """{"email":"a@b","customer":{"email":"***"}}""")]
    [InlineData("Lines.Price.amount", """{"lines":[{"price":{"amount":1}},{"price":{"amount":2,"of":3}}]}""", """{"lines":[{"price":{"amount":"***"}},{"price":{"amount":"***","of":3}}]}""")]
    [InlineData("card", """{"card":{"number":1,"name":"x"}}""", """{"card":"***"}""")]
    [InlineData("card", """[[{"card":[1,2]}]]""", """[[{"card":"***"}]]""")]
    [InlineData("card", """{"note":"the card","cards":1}""", """{"note":"the card","cards":1}""")]
    [InlineData("card", """{ "a" : 1.50 }""", """{ "a" : 1.50 }""")]
    [InlineData("card", """{"card":1,"text":"ä \u003c"}""", """{"card":"***","text":"\u00E4 \u003C"}""")]
    public void What_is_named_is_masked_wherever_it_is_and_nothing_else(string field, string payload, string shown) => Assert.Equal(shown, Of(field).Payload("order-placed", "orders", payload).Text);

    [Fact]
    public void Where_nothing_is_named_all_is_shown()
    {
        Assert.Equal(new ShownText("no json", IsRedacted: false), Of().Payload(null, "orders", "no json"));
        Assert.Equal(new ShownText("v", IsRedacted: false), Of().Header(null, "orders", "authorization", "v"));
    }

    [Theory]
    [InlineData("card number 4711")]
    [InlineData("{\"card\":4711")]
    [InlineData("{\"a\":1} {\"card\":4711}")]
    public void Text_in_which_no_field_can_be_found_is_not_shown(string payload)
    {
        var shown = Of("card").Payload(null, "orders", payload);

        Assert.DoesNotContain("4711", shown.Text, StringComparison.Ordinal);
        Assert.True(shown.IsRedacted);
    }

    [Fact]
    public void Headers_are_masked_by_the_same_names()
    {
        Assert.Equal(JsonFieldRedactor.Mask, Of("authorization").Header(null, "orders", "Authorization", "Bearer x").Text);
        Assert.Equal("x", Of("authorization").Header(null, "orders", "other", "x").Text);
    }

    [Fact]
    public void A_redactor_that_fails_shows_nothing_and_says_so()
    {
        var redaction = new Redaction(new Broken());

        Assert.All([redaction.Payload("t", "orders", "s3cret"), redaction.Header("t", "orders", "h", "s3cret"), redaction.Document("t", "orders", "s3cret")], shown =>
        {
            Assert.True(shown is { HasFailed: true, IsRedacted: true });
            Assert.DoesNotContain("s3cret", shown.Text, StringComparison.Ordinal);
            Assert.Contains("the redactor failed", shown.Text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void In_a_stored_document_the_payload_is_text_and_is_masked_in_it()
    {
        var shown = Of("card", "token").Document(null, "orders", """{"_id":"m1","payload":"{\"card\":4711,\"a\":1}","headers":{"token":"s3cret","x":"y"}}""").Text;

        Assert.DoesNotContain("4711", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", shown, StringComparison.Ordinal);
        Assert.Contains("m1", shown, StringComparison.Ordinal);
        Assert.Contains("y", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_masked_is_edited_only_by_whoever_says_that_he_knows_it_and_the_mask_never()
    {
        var masked = Of("card").Payload(null, "orders", """{"card":4711}""");

        Assert.Throws<OutboxException>(() => Redaction.CheckEdit(masked, """{"card":1}""", isUnmasked: false));
        Assert.Throws<OutboxException>(() => Redaction.CheckEdit(masked, """{"card":"***"}""", isUnmasked: true));
        Redaction.CheckEdit(masked, """{"card":1}""", isUnmasked: true);
        Redaction.CheckEdit(Of("card").Payload(null, "orders", """{"a":1}"""), """{"a":2}""", isUnmasked: false);
    }

    [Fact]
    public void The_names_are_those_of_the_options_and_a_redactor_of_ones_own_replaces_the_built_in_one()
    {
        var builtIn = Services(_ => { }).GetRequiredService<Redaction>();
        var own = Services(services => services.AddSingleton<IPayloadRedactor, Broken>()).GetRequiredService<Redaction>();

        Assert.Equal("""{"card":"***","name":"***","a":1}""", builtIn.Payload(null, "orders", """{"card":4711,"name":"x","a":1}""").Text);
        Assert.True(own.Payload(null, "orders", "{}").HasFailed);
    }

    private static ServiceProvider Services(Action<IServiceCollection> add)
    {
        var settings = new Dictionary<string, string?> { ["Outbox:Redact:0"] = "card", ["Outbox:Redact:1"] = "name" };
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddOutbox(o => o.UseInMemory());
        add(services);
        return services.BuildServiceProvider();
    }

    private static Redaction Of(params string[] fields) => new(new JsonFieldRedactor(fields));

    private sealed class Broken : IPayloadRedactor
    {
        public string RedactPayload(RedactedContent content) => throw new InvalidOperationException(content.Payload);

        public string RedactHeader(string? type, string topic, string name, string value) => throw new InvalidOperationException(value);
    }
}
