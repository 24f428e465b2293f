using MassTransit;
using MassTransit.Transports;
using Outbox.Messages;

namespace Outbox.Capture.Calls;

/// <summary>Stands around the caller's pipe, and sees what is set before the bus's filters and after them.</summary>
internal sealed class CapturePipe<TMessage>(IPipe<SendContext<TMessage>>? pipe, CaptureCall call) : IPipe<SendContext<TMessage>>, ISendPipe
    where TMessage : class
{
    /// <summary>Before the filters.</summary>
    async Task ISendContextPipe.Send<T>(SendContext<T> context)
    {
        context.AddOrUpdatePayload(() => call, _ => call);
        if (pipe is ISendContextPipe before)
        {
            await before.Send(context).ConfigureAwait(false);
        }

        foreach (var name in context.Headers.GetAll().Select(header => header.Key).Where(IsOfTheConsumedMessage).ToList())
        {
            context.Headers.Set(name, null);
        }

        if (call.Request is not null)
        {
            // An answer lives as long as the request says; the time that is left of it would be counted by another clock.
            (context.RequestId, context.TimeToLive) = (call.Request.RequestId, null);
        }

        call.HandedOn(context);
    }

    /// <summary>After the filters.</summary>
    public async Task Send(SendContext<TMessage> context)
    {
        call.Filtered(context);
        if (pipe.IsNotEmpty())
        {
            await pipe!.Send(context).ConfigureAwait(false);
        }

        call.Set(context);
    }

    public void Probe(ProbeContext context) => pipe?.Probe(context);

    /// <summary>
    /// A consumer's messages take over the headers of the message that it consumes. Those in which that says what it is itself are not meant, and those that could not be stored are not the consumer's fault.
    /// </summary>
    private static bool IsOfTheConsumedMessage(string header) =>
        (ReservedHeaders.Contains(header) && !ReservedHeaders.IsMassTransits(header)) || !ReservedHeaders.CanBeStored(header);
}
