namespace Outbox.Dashboard.Api.Answering;

/// <summary>The database has not answered in time.</summary>
internal sealed class OutOfTimeException(string message, Exception error) : Exception(message, error);
