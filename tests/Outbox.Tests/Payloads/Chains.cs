using Microsoft.Extensions.DependencyInjection;
using Outbox.Messages;
using Outbox.Messages.Registration;
using Outbox.Payloads;
using Outbox.Payloads.Chain;

namespace Outbox.Tests.Payloads;

/// <summary>A service whose one topic, <c>orders</c>, has what a test gives it.</summary>
internal static class Chains
{
    public static ServiceProvider Service(Action<TopicConfigurator> topic, Action<PayloadsConfigurator>? payloads = null)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddOutbox(o =>
        {
            o.Topic("orders", t =>
            {
                t.Message<Placed>();
                topic(t);
            });
            o.Payloads(p => payloads?.Invoke(p));
        });
        return services.BuildServiceProvider();
    }

    public static PayloadChain Of(Action<TopicConfigurator> topic, Action<PayloadsConfigurator>? payloads = null) => Service(topic, payloads).GetRequiredService<PayloadChain>();

    public static OutboxMessage Message(string payload) => new()
    {
        MessageId = "m1",
        Lane = 0,
        Topic = "orders",
        EntityType = "order",
        EntityId = "o1",
        Version = 3,
        Ordinal = 0,
        Intent = MessageIntent.Event,
        Type = "placed",
        Payload = payload,
        Timestamp = DateTimeOffset.UnixEpoch,
    };

    public static string Large(int length = 10_000) => $"\"{new string('a', length)}\"";

    public sealed record Placed(string OrderId);
}
