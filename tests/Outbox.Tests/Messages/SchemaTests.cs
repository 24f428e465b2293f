using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Capture;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Tests.Messages;

public sealed partial class SchemaTests
{
    [Fact]
    public void Old_payloads_are_changed_step_by_step()
    {
        var registration = Registration(t => t.Message<Price>(configure: m =>
        {
            m.SchemaVersion = 3;
            m.Upcast(1, json =>
            {
                json["amount"] = json["value"]!.DeepClone();
                return json;
            });
            m.Upcast(2, json =>
            {
                json["currency"] = "EUR";
                return json;
            });
        }));

        var upcast = registration.Upcasting.Upcast("""{"value":1.50,"unknown":true}"""u8.ToArray(), schemaVersion: 1);

        Assert.Equal(new Price(1.50m, "EUR"), upcast.Deserialize<Price>(registration.Json));
    }

    [Fact]
    public void A_schema_version_from_the_future_says_to_deploy_consumers_first()
    {
        var registration = Registration(t => t.Message<Price>(configure: m => m.SchemaVersion = 2));

        var error = Assert.Throws<OutboxException>(() => registration.Upcasting.Upcast("{}"u8.ToArray(), schemaVersion: 3));

        Assert.Contains("consumers before producers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_without_a_step_is_refused_with_the_step_to_write()
    {
        var registration = Registration(t => t.Message<Price>(configure: m => m.SchemaVersion = 2));

        var error = Assert.Throws<OutboxException>(() => registration.Upcasting.Upcast("{}"u8.ToArray(), schemaVersion: 1));

        Assert.Contains("m.Upcast(1, …)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, new[] { 1 }, "m.Upcast(2, …)")]
    [InlineData(2, new[] { 2 }, "m.Upcast(2, …)")]
    [InlineData(2, new[] { 1, 1 }, "called twice")]
    [InlineData(0, new int[0], "start at 1")]
    public void Steps_that_do_not_lead_to_the_current_version_are_refused(int current, int[] steps, string reason)
    {
        var error = Assert.Throws<OutboxConfigurationException>(() => Registration(t => t.Message<Price>(configure: m =>
        {
            m.SchemaVersion = current;
            foreach (var step in steps)
            {
                m.Upcast(step, json => json);
            }
        })));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_captured_message_carries_its_schema_version_and_format()
    {
        var services = new ServiceCollection().AddOutbox(o =>
        {
            o.Set(x => x.Source = "pricing");
            o.Topic("prices", t =>
            {
                t.Format = MessageFormat.CloudEvents;
                t.Message<Price>("price-set", m => m.SchemaVersion = 4);
            });
        }).BuildServiceProvider();
        var buffer = new CaptureBuffer(services.GetRequiredService<MessageRegistry>(), new OutboxOptions { Source = "pricing" }, TimeProvider.System);

        buffer.Add(typeof(Price), new Price(1, "EUR"), MessageIntent.Event, "p1", 1, null);

        var message = Assert.Single(buffer.Messages);
        Assert.Equal((4, MessageFormat.CloudEvents, "price-set", "pricing"), (message.SchemaVersion, message.Format, message.Type, message.Headers["source"]));
    }

    [Fact]
    public void A_source_generated_context_writes_and_reads()
    {
        var registration = Registration(t => t.Message<Price>(configure: m => m.UseJson(PriceJson.Default)));

        var json = JsonSerializer.Serialize(new Price(2.50m, "EUR"), typeof(Price), registration.Json);

        Assert.Equal("""{"amount":2.50,"currency":"EUR"}""", json);
        Assert.Equal(new Price(2.50m, "EUR"), JsonSerializer.Deserialize(Encoding.UTF8.GetBytes(json), typeof(Price), registration.Json));
    }

    [Fact]
    public void A_context_that_does_not_know_the_type_is_refused()
    {
        var error = Assert.Throws<OutboxConfigurationException>(() => Registration(t => t.Message<Discount>(configure: m => m.UseJson(PriceJson.Default))));

        Assert.Contains("[JsonSerializable(typeof(Discount))]", error.Message, StringComparison.Ordinal);
    }

    private static MessageRegistration Registration(Action<TopicConfigurator> configure) =>
        Assert.Single(new ServiceCollection().AddOutbox(o => o.Topic("prices", configure)).BuildServiceProvider().GetRequiredService<MessageRegistry>().All);

    internal sealed record Price(decimal Amount, string Currency);

    internal sealed record Discount(decimal Percent);

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(Price))]
    internal sealed partial class PriceJson : JsonSerializerContext;
}
