using Confluent.Kafka;
using MongoDB.Driver;
using Outbox.Cli.Answers;
using Outbox.MongoDb.Sessions;

namespace Outbox.Cli.Calls;

/// <summary>Says what an error is for a person and for a script.</summary>
internal static class Failure
{
    private const int Unauthorized = 13;
    private const int AuthenticationFailed = 18;
    private const int TooLong = 50;

    public static (ExitCode Code, string Sentence) Of(Exception error) => error switch
    {
        CommandException command => (command.Code, command.Message),
        OperationCanceledException => (ExitCode.Error, "It was cancelled. What was done until then stays done."),
        MongoException or TimeoutException => OfMongoDb(error),
        KafkaException kafka => OfKafka(kafka.Error),
        OutboxConfigurationException => (ExitCode.Usage, error.Message),
        OutboxException => (ExitCode.Refused, error.Message),
        ArgumentException and not ArgumentNullException => (ExitCode.Usage, error.Message.ReplaceLineEndings(" ")),
        _ => (ExitCode.Error, $"Something went wrong: {error.GetType().Name}, {error.Message.Split('\n')[0].Trim()} (--verbose shows all of it.)"),
    };

    private static (ExitCode Code, string Sentence) OfMongoDb(Exception error) => error switch
    {
        MongoAuthenticationException or MongoConnectionException { InnerException: MongoAuthenticationException } or MongoCommandException { Code: AuthenticationFailed } =>
            (ExitCode.NotPermitted, "MongoDB refuses the user or the password. Special characters in them are percent-encoded (@ is %40), and authSource names the database that the user was created in, most often admin."),
        MongoCommandException { Code: Unauthorized } command =>
            (ExitCode.NotPermitted, $"MongoDB does not let this user do that: {command.ErrorMessage}. Reading needs the role read on the database, and acting readWrite."),
        MongoCommandException command when command.ErrorMessage.Contains("hint", StringComparison.OrdinalIgnoreCase) =>
            (ExitCode.Refused, "An index that this needs is not there: outbox doctor says which. A service of this version creates it when it starts."),
        MongoExecutionTimeoutException or MongoCommandException { Code: TooLong } => (ExitCode.Error, "MongoDB took too long for the answer. Ask for less, or look at what it is doing (db.currentOp())."),
        _ when error is TimeoutException || MongoErrors.IsPassing(error) => (ExitCode.Unreachable, $"MongoDB does not answer: {error.GetBaseException().Message.Split('\n')[0].TrimEnd('.')}."),
        _ => (ExitCode.Error, $"MongoDB: {error.Message.Split('\n')[0].TrimEnd('.')}."),
    };

    private static (ExitCode Code, string Sentence) OfKafka(Error error) => error.Code switch
    {
        ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed or ErrorCode.SaslAuthenticationFailed or ErrorCode.Local_Authentication =>
            (ExitCode.NotPermitted, $"Kafka does not let this user: {error.Reason.TrimEnd('.')}."),
        ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_TimedOut or ErrorCode.Local_Resolve or ErrorCode.RequestTimedOut or ErrorCode.BrokerNotAvailable =>
            (ExitCode.Unreachable, $"Kafka does not answer: {error.Reason.TrimEnd('.')}."),
        ErrorCode.Local_InvalidArg => (ExitCode.Usage, $"Kafka's clients cannot be made with these settings: {error.Reason.TrimEnd('.')}."),
        _ => (ExitCode.Error, $"Kafka: {error.Reason.TrimEnd('.')}."),
    };
}
