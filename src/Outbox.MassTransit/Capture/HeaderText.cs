using System.Globalization;
using System.Text.Json;
using MassTransit.Serialization;
using Outbox.Messages;

namespace Outbox.Capture;

/// <summary>The value of a header as text, in the form that MassTransit would send it in.</summary>
internal static class HeaderText
{
    private static readonly JsonSerializerOptions AsItIs = new(SystemTextJsonMessageSerializer.Options) { Encoder = MessageJson.Default.Encoder, WriteIndented = false };

    /// <exception cref="OutboxException">There is no JSON of it.</exception>
    public static string Of(string name, object value) => value switch
    {
        string text => text,
        DateTime or DateTimeOffset or DateOnly or TimeOnly => ((IFormattable)value).ToString("O", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToBase64String(bytes),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        bool or char or Uri or Version => value.ToString()!,
        _ => Json(name, value),
    };

    private static string Json(string name, object value)
    {
        try
        {
            return JsonSerializer.Serialize(value, value.GetType(), AsItIs);
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new OutboxException($"The header '{name}' is a {value.GetType().FullName}, which has no JSON: {error.Message} Set it as text.", error);
        }
    }
}
