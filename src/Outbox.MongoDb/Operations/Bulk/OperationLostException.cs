namespace Outbox.MongoDb.Operations.Bulk;

/// <summary>An operation was cancelled, or another instance has taken it over.</summary>
internal sealed class OperationLostException() : Exception("The operation was cancelled, or another instance has taken it over.")
{
    public static void ThrowIf(bool isLost)
    {
        if (isLost)
        {
            throw new OperationLostException();
        }
    }
}
