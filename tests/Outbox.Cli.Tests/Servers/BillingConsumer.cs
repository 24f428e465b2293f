using System.Collections.Concurrent;
using MassTransit;

namespace Outbox.Cli.Tests.Servers;

public sealed record OrderPlaced(string OrderId, string Text);

/// <summary>Bills orders; one of them it never can.</summary>
public sealed class BillingConsumer : IConsumer<OrderPlaced>
{
    public const string Poison = "poison";

    /// <summary>What an error may hold that came from a message: it clears the screen, and is markup.</summary>
    public const string Hostile = "\u001b[2J\u0007[red]not an amount[/]\u202e";

    /// <summary>How often each order was billed.</summary>
    public static ConcurrentDictionary<string, int> Billed { get; } = new();

    public Task Consume(ConsumeContext<OrderPlaced> context)
    {
        if (context.Message.Text == Poison)
        {
            throw new InvalidOperationException($"The order cannot be billed: {Hostile}");
        }

        Billed.AddOrUpdate(context.Message.OrderId, 1, (_, times) => times + 1);
        return Task.CompletedTask;
    }
}
