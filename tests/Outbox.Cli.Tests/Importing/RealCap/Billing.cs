using System.Collections.Concurrent;
using DotNetCore.CAP;
using Outbox.Cli.Tests.Servers;

namespace Outbox.Cli.Tests.Importing.RealCap;

/// <summary>Bills orders, as a subscriber of CAP's.</summary>
public sealed class Billing : ICapSubscribe
{
    /// <summary>The topic, behind the prefix that a run gives it.</summary>
    public const string Topic = "placed";

    /// <summary>Whether it can bill nothing.</summary>
    public bool IsBroken { get; set; }

    /// <summary>How often each order was billed.</summary>
    public ConcurrentDictionary<string, int> Billed { get; } = new();

    [CapSubscribe(Topic)]
    public void Bill(OrderPlaced order)
    {
        if (IsBroken)
        {
            throw new InvalidOperationException("Nothing can be billed today.");
        }

        Billed.AddOrUpdate(order.OrderId, 1, (_, times) => times + 1);
    }
}
