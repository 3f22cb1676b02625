"""The stores on DynamoDB, through PynamoDB."""
