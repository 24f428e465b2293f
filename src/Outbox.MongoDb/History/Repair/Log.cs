using Microsoft.Extensions.Logging;

namespace Outbox.MongoDb.History.Repair;

internal static partial class Log
{
    [LoggerMessage(550, LogLevel.Warning, "More versions of topic {Topic} were asked for than may be put back in a minute ({PerMinute}, t.AnswerGaps). Those who ask wait for {Rest}.")]
    public static partial void AnswersWait(this ILogger logger, string topic, int perMinute, TimeSpan rest);
}
