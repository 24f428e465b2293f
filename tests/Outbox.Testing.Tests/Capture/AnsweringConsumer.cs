using MassTransit;
using Outbox.Testing.Tests.Harness;

namespace Outbox.Testing.Tests.Capture;

/// <summary>Answers a request, and fails afterwards if it is told to.</summary>
public sealed class AnsweringConsumer(AnsweringConsumer.Failures failures) : IConsumer<ReserveStock>
{
    public async Task Consume(ConsumeContext<ReserveStock> context)
    {
        if (context.Message.OrderId == "unregistered")
        {
            await context.RespondAsync(new OrderCancelled(context.Message.OrderId));
            return;
        }

        await context.RespondAsync(new StockReserved(context.Message.OrderId));
        if (context.Message.OrderId == "fails once" && failures.IsFirst())
        {
            throw new InvalidTimeZoneException();
        }
    }

    public sealed class Failures
    {
        private int _count;

        public bool IsFirst() => Interlocked.Increment(ref _count) == 1;
    }
}
