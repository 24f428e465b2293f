using MassTransit;
using Outbox.Messages.Intents;

namespace OrderService.Shipments;

/// <summary>Hears which of this service's commands the shipping service has refused.</summary>
internal sealed partial class RefusalConsumer(ILogger<RefusalConsumer> logger) : IConsumer<CommandRejected>
{
    public Task Consume(ConsumeContext<CommandRejected> context)
    {
        Refused(logger, context.Message.EntityId, context.Message.CommandType, context.Message.Reason);
        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Information, "Order {OrderId}: the shipping service refused {CommandType}: {Reason}")]
    private static partial void Refused(ILogger logger, string orderId, string commandType, string reason);
}
