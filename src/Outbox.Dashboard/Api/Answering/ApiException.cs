using Microsoft.AspNetCore.Http;

namespace Outbox.Dashboard.Api.Answering;

/// <summary>Ends a request with an error that its sender is told.</summary>
internal sealed class ApiException(int status, string code, string detail) : Exception(detail)
{
    public int Status => status;

    public string Code => code;

    public static ApiException Invalid(string detail) => new(StatusCodes.Status400BadRequest, ApiCodes.InvalidRequest, detail);

    public static ApiException NotFound(string detail) => new(StatusCodes.Status404NotFound, ApiCodes.NotFound, detail);

    public static ApiException Refused(string detail) => new(StatusCodes.Status409Conflict, ApiCodes.Refused, detail);

    public static ApiException TooLarge(string detail) => new(StatusCodes.Status413PayloadTooLarge, ApiCodes.TooLarge, detail);
}
