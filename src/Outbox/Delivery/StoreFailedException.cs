namespace Outbox.Delivery;

/// <summary>
/// What the database did not do for the relay. Whatever else fails is not the database's fault; and this is no message's, whoever throws it: a publisher that needs the database lets it through.
/// </summary>
/// <param name="what">The step that failed.</param>
/// <param name="error">How.</param>
public sealed class StoreFailedException(string what, Exception error) : OutboxException($"{what}: {error.Message}", error)
{
    /// <summary>Runs a step of the database, and says of its error which step it was.</summary>
    public static async Task<T> NameAsync<T>(string what, Func<Task<T>> step)
    {
        try
        {
            return await step().ConfigureAwait(false);
        }
        catch (Exception error) when (error is not (OperationCanceledException or StoreFailedException))
        {
            throw new StoreFailedException(what, error);
        }
    }

    /// <inheritdoc cref="NameAsync{T}"/>
    public static Task NameAsync(string what, Func<Task> step) => NameAsync(what, async () =>
    {
        await step().ConfigureAwait(false);
        return true;
    });
}
