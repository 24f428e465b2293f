using System.Globalization;
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

    /// <summary>The headers of a captured message; <see langword="null"/> where there are none.</summary>
    public static Dictionary<string, string>? Write(SendContext context)
    {
        Dictionary<string, string>? text = null;
        foreach (var (name, value) in context.Headers.GetAll())
        {
            Add(name, value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : value?.ToString());
        }

        Add(RequestId, context.RequestId?.ToString());
        Add(ResponseAddress, context.ResponseAddress?.ToString());
        Add(FaultAddress, context.FaultAddress?.ToString());
        Add(CorrelationId, context.ConversationId is null ? null : context.CorrelationId?.ToString());
        return text;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                (text ??= [])[name] = value;
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
}
