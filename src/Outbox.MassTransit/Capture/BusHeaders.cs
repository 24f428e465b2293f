using MassTransit;
using Outbox.Messages;
using MessageHeaders = Outbox.Messages.MessageHeaders;

namespace Outbox.Capture;

/// <summary>What MassTransit's messages carry and ours have no place for travels as headers, and is restored when the relay delivers them on the bus.</summary>
internal static class BusHeaders
{
    private const string RequestId = "requestId";
    private const string ResponseAddress = "responseAddress";
    private const string FaultAddress = "faultAddress";
    private const string CorrelationId = "MT-CorrelationId";
    private const string ActivityId = "MT-Activity-Id";

    /// <summary>The headers that a caller or a filter has set; <see langword="null"/> where there are none.</summary>
    public static Dictionary<string, string>? Write(SendContext context) => Collect(context, name => !IsCarried(name));

    /// <summary>What MassTransit itself has set.</summary>
    /// <param name="context">The message being captured.</param>
    /// <param name="correlationId">Its correlation id, unless that is what the conversation is called by.</param>
    public static Dictionary<string, string> WriteCarried(SendContext context, Guid? correlationId)
    {
        var text = Collect(context, IsCarried) ?? [];
        Add(RequestId, context.RequestId?.ToString());
        Add(ResponseAddress, context.ResponseAddress?.ToString());
        Add(FaultAddress, context.FaultAddress?.ToString());
        Add(CorrelationId, correlationId?.ToString());
        return text;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                text[name] = value;
            }
        }
    }

    /// <summary>Gives a message on the bus what was captured.</summary>
    public static void Restore(SendContext context, OutboxMessage message)
    {
        foreach (var (name, value) in message.Headers)
        {
            switch (name)
            {
                case RequestId when Guid.TryParse(value, out var id):
                    context.RequestId = id;
                    break;
                case CorrelationId when Guid.TryParse(value, out var id):
                    context.CorrelationId = id;
                    break;
                case ResponseAddress when Uri.TryCreate(value, UriKind.Absolute, out var address):
                    context.ResponseAddress = address;
                    break;
                case FaultAddress when Uri.TryCreate(value, UriKind.Absolute, out var address):
                    context.FaultAddress = address;
                    break;
                case MessageHeaders.ReplyTo:
                    break;
                default:
                    context.Headers.Set(name, value);
                    break;
            }
        }
    }

    /// <summary>MassTransit's own, but for those that our readers take for ours.</summary>
    private static bool IsCarried(string name) =>
        ReservedHeaders.IsMassTransits(name) && !name.Equals(CorrelationId, StringComparison.OrdinalIgnoreCase) && !name.Equals(ActivityId, StringComparison.OrdinalIgnoreCase);

    private static Dictionary<string, string>? Collect(SendContext context, Func<string, bool> isWanted)
    {
        Dictionary<string, string>? text = null;
        foreach (var (name, value) in context.Headers.GetAll())
        {
            if (isWanted(name))
            {
                (text ??= [])[name] = HeaderText.Of(name, value);
            }
        }

        return text;
    }
}
