using MassTransit;
using Outbox.Testing.Tests.Harness;

namespace Outbox.Testing.Tests.Capture;

public sealed class SchedulingConsumer : IConsumer<OrderCancelled>
{
    public async Task Consume(ConsumeContext<OrderCancelled> context)
    {
        await context.SchedulePublish(TimeSpan.FromDays(1), new StockReserved(context.Message.OrderId));
        if (context.Message.OrderId == "fails")
        {
            throw new InvalidTimeZoneException();
        }
    }
}
