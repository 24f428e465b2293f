using Microsoft.Extensions.Logging;

namespace Outbox.Payloads.Claims;

internal static partial class Log
{
    [LoggerMessage(130, LogLevel.Warning, "It could not be noted that {Count} messages with claimed payloads were published; the payloads do not expire by themselves.")]
    public static partial void ClaimsNotNoted(this ILogger logger, Exception error, int count);

    [LoggerMessage(131, LogLevel.Warning, "It could not be noted that endpoint {Endpoint} has processed the message of claim {Claim}; the payload is removed after its time.")]
    public static partial void ClaimNotRead(this ILogger logger, Exception error, string endpoint, string claim);
}
